"""`KINDS`, the table of finding codes. docs/findings.md is printed from it."""

from __future__ import annotations

from collections.abc import Mapping

from xlperf.findings.kind import FindingKind, Severity

_RETURN, _ROW, _WARN, _NOTE = Severity.REJECT_RETURN, Severity.REJECT_ROW, Severity.WARNING, Severity.NOTE

KINDS: Mapping[str, FindingKind] = {
    # F: the file
    "F001": FindingKind(_RETURN, "Not a workbook", "Send the .xlsx return that was issued."),
    "F002": FindingKind(_RETURN, "Damaged or half-written file", "Open it in Excel, save it again, and send it again."),
    "F003": FindingKind(
        _RETURN,
        "Password-protected or encrypted",
        "Remove the password (File, Info, Protect Workbook) and send it again.",
    ),
    "F004": FindingKind(
        _RETURN,
        "Old or other format",
        "In Excel choose Save As, 'Excel Workbook (.xlsx)', and send that file.",
    ),
    "F005": FindingKind(
        _RETURN,
        "Larger than xlperf will open",
        "Delete what was added to the workbook and send it again, or copy the answers into a fresh return.",
    ),
    "F006": FindingKind(
        _RETURN,
        "Unsafe contents",
        "Copy the answers into a fresh return; macros, controls and hidden parts are not accepted.",
    ),
    "F007": FindingKind(
        _RETURN,
        "A table of the return is missing",
        "Copy the answers into a fresh return; do not convert the table to a range.",
    ),
    "F009": FindingKind(
        _RETURN,
        "File cannot be opened",
        "Check that it is not open elsewhere and that you may read it, then collate again.",
        is_unread_file=True,
        is_of_the_moment=True,
    ),
    "F010": FindingKind(
        _RETURN,
        "Workbook is not built as Excel builds one",
        "Open it in Excel, save it again, and send it again.",
    ),
    "F011": FindingKind(
        _WARN,
        "Accepted file is no longer in the folder",
        "Nothing to do, unless the file was removed to withdraw its figures.",
    ),
    "F012": FindingKind(
        _WARN,
        "Links to other files or programs",
        "Check the figures; in Excel choose Data, Edit Links, Break Link, so that they depend on no other file.",
    ),
    "F013": FindingKind(
        _WARN,
        "Data connections or queries",
        "Check the figures; in Excel choose Data, Queries & Connections, and delete them.",
    ),
    "F014": FindingKind(
        _WARN,
        "Embedded files",
        "Send each embedded file separately; files inside a return are not opened.",
    ),
    "F015": FindingKind(
        _WARN, "Other contents that a return does not need", "Nothing to do if it is meant to be there; it is not read."
    ),
    "F016": FindingKind(
        _WARN, "Number with more digits than Excel keeps", "Round the number to the precision of the measurement."
    ),
    # F020 to F024: what became of the process that reads a file apart from everything else
    "F020": FindingKind(
        _RETURN,
        "Takes too long to read",
        "Copy the answers into a fresh return and send that, without anything that was added to the workbook.",
        is_of_the_moment=True,
    ),
    "F021": FindingKind(
        _RETURN,
        "Needs too much memory to read",
        "Copy the answers into a fresh return and send that, without anything that was added to the workbook.",
        is_of_the_moment=True,
    ),
    "F022": FindingKind(
        _RETURN,
        "Reading the file stopped part-way",
        "Collate again; if it stops again, copy the answers into a fresh return and send that.",
        is_of_the_moment=True,
    ),
    "F023": FindingKind(
        _RETURN,
        "Reading the file did something that reading never needs to do",
        "Copy the answers into a fresh return and send that; ask IT security to look at this file before it is opened.",
        is_of_the_moment=True,
    ),
    "F024": FindingKind(
        _RETURN,
        "Tables hold more than xlperf accepts from one file",
        "Delete what was added to its tables, or copy the answers into a fresh return, and send it again.",
    ),
    "F025": FindingKind(
        _RETURN,
        "File was still being copied, or changed while it was read",
        "Wait until the file is copied and closed, then collate again.",
        is_unread_file=True,
        is_of_the_moment=True,
    ),
    "F026": FindingKind(
        _RETURN,
        "Not a file but a link, pipe or device",
        "Put the workbook itself into the folder.",
    ),
    # F031 on: files of history, as they are imported
    "F031": FindingKind(
        _WARN,
        "Sheets of a history file were not read",
        "Check whether they hold figures; 'xlperf import FILE --sheet NAME' reads another sheet.",
    ),
    "F032": FindingKind(
        _WARN,
        "Hidden rows or columns of a history file were read",
        "Unhide them and check that their figures should count; if not, delete them and import the file again.",
    ),
    # I: whose return it is
    "I001": FindingKind(
        _RETURN,
        "No return identity",
        "Copy the answers into the issued return; its hidden sheet says whose return it is.",
    ),
    "I002": FindingKind(
        _RETURN,
        "Return was not issued by this ledger",
        "Ask the performance team for the return of this period.",
        policy="unknown_id",
    ),
    "I003": FindingKind(
        _RETURN,
        "Identity does not match what was issued",
        "Copy the answers into the return issued to this owner.",
        policy="edited_identity",
    ),
    "I004": FindingKind(
        _WARN,
        "Superseded return",
        "A newer return was issued; check that these are the intended figures.",
        policy="superseded",
        fix_rejected="Copy the answers into the newest return that was issued.",
    ),
    "I005": FindingKind(
        _WARN,
        "Catalogue has changed since issue",
        "Check that the figures follow the current definitions.",
        policy="older_catalogue",
        fix_rejected="Ask the performance team for a return made from the current catalogue.",
    ),
    "I006": FindingKind(
        _WARN,
        "Two returns, and no way to tell which is later",
        "Ask the owner which one counts, and to send only that one.",
    ),
    "I007": FindingKind(
        _WARN,
        "Filed under another period",
        "The period inside the return is used; move the file if that is wrong.",
        policy="other_folder",
        is_for_team=True,
        fix_rejected="Put the file into the folder of received returns for its own period.",
    ),
    "I008": FindingKind(
        _WARN,
        "Returned after the hard close",
        "The figures are taken; decide whether to publish the edition again.",
        policy="closed_period",
        fix_rejected="The period is closed; ask the performance team whether the return can still be taken.",
    ),
    "I009": FindingKind(
        _RETURN,
        "Rows of another return",
        "Copy the answers into the return that was issued to this owner for this period.",
        policy="other_rows",
    ),
    "I010": FindingKind(
        _WARN,
        "Issued from an older template",
        "Nothing to do; columns added since are read as empty.",
        policy="older_template",
        fix_rejected="Ask the performance team for a return made from the current template.",
    ),
    "I011": FindingKind(
        _RETURN,
        "Issued from a newer template",
        "Update xlperf and collate again; the owner has nothing to do.",
        policy="newer_template",
        is_for_team=True,
    ),
    "I012": FindingKind(
        _WARN,
        "Locked cell was changed",
        "Ask the owner whether the figure follows the issued definition and target; only the yellow cells are read.",
        policy="changed_locked_cells",
        fix_rejected="Undo the change, or copy the answers into the return as it was issued.",
    ),
    "I013": FindingKind(
        _ROW,
        "Ref, Org or Period of a row was changed",
        "Undo the change and send the return again; these three identify a row.",
        policy="changed_locked_cells",
        is_of_rows=True,
    ),
    "I014": FindingKind(
        _WARN,
        "Part of the hidden identity was changed",
        "Ask the owner how the file was made; its owner and period do match what was issued.",
        policy="partly_edited_identity",
        fix_rejected="Copy the answers into the return as it was issued.",
    ),
    "I015": FindingKind(_WARN, "Released by the team", "Nothing to do; 'xlperf release --reject' takes it back."),
    "I016": FindingKind(
        _RETURN,
        "Rejected by the team",
        "Correct what the reason names and send the return again; the performance team can say more.",
    ),
    # R: rows and cells
    "R001": FindingKind(
        _ROW,
        "Not a number",
        "Retype the number on its own.",
        is_later_refusal=True,
    ),
    "R002": FindingKind(_ROW, "Excel error", "Correct the formula or type the number."),
    "R003": FindingKind(
        _ROW,
        "Formula that was never calculated",
        "Open the return in Excel, press F9, save, and send it again; or type the number.",
        fix_history="Open the file in Excel, press F9, save it and import it again; or type the number.",
    ),
    "R004": FindingKind(
        _ROW,
        "Percentage could be read two ways",
        "Type 95 for 95 %; give the numerator and denominator if both are possible.",
        is_later_refusal=True,
        is_later_reading=True,
    ),
    "R005": FindingKind(
        _WARN,
        "Nothing returned",
        "Give the figure, or 'not applicable' with the reason.",
        is_unless_given_before=True,
        given_before="R027",
    ),
    "R006": FindingKind(_ROW, "Only one of numerator and denominator", "Give both."),
    "R007": FindingKind(
        _ROW, "Denominator is zero or negative", "Say 'not applicable' with the reason, or correct the denominator."
    ),
    "R009": FindingKind(_ROW, "Outside the possible range", "Check the figure and its unit."),
    "R010": FindingKind(
        _WARN,
        "Outside the usual range",
        "Check the figure and its unit; if it is right, say so in the commentary.",
    ),
    "R011": FindingKind(_ROW, "Not a whole number", "A count is a whole number; check the figure."),
    "R012": FindingKind(
        _ROW,
        "Not one of the choices",
        "Choose from the list in the cell.",
        fix_history="Write one of these choices.",
    ),
    "R013": FindingKind(_ROW, "A figure and 'not applicable' together", "Clear one of them."),
    "R014": FindingKind(_WARN, "'Not applicable' without a reason", "Write the reason in the cell."),
    "R015": FindingKind(_NOTE, "Number typed as text", "Nothing to do; it was read as the number shown."),
    "R016": FindingKind(_NOTE, "Value comes from a formula", "Nothing to do; the calculated value was taken."),
    "R017": FindingKind(_WARN, "Not a date", "Type the date as day/month/year."),
    "R018": FindingKind(_WARN, "Text is too long", "Shorten it; the whole text is kept in the stored original."),
    "R019": FindingKind(_NOTE, "Control characters removed from text", "Nothing to do."),
    "R020": FindingKind(
        _WARN,
        "Row was added to the return",
        "Do not add rows; ask the performance team to add the KPI.",
        is_of_rows=True,
    ),
    "R021": FindingKind(
        _WARN,
        "Row is missing from the return",
        "Send the return again with every row it was issued with.",
        is_of_rows=True,
        is_unless_given_before=True,
    ),
    "R022": FindingKind(
        _ROW,
        "Row appears more than once",
        "Keep one of the rows.",
        is_later_refusal=True,
    ),
    "R023": FindingKind(
        _WARN, "Cells below or beside the table are not read", "Move their contents into the table's columns."
    ),
    "R024": FindingKind(
        _ROW,
        "Numerator and denominator are needed, not the figure alone",
        "Give the numerator and denominator; if only the figure can be had, say why under 'Why no parts'.",
    ),
    "R025": FindingKind(
        _WARN,
        "Row names no KPI, org or period that can be used",
        "The row is not read; the return itself is kept.",
    ),
    "R026": FindingKind(_ROW, "A column of the return is missing", "Copy the answers into a fresh return."),
    "R027": FindingKind(
        _WARN,
        "Blank where a figure was returned before",
        "The earlier figure still counts; restate it if it was wrong.",
    ),
    "R028": FindingKind(_WARN, "Neither yes nor no", "Choose Yes or No from the list."),
    "R029": FindingKind(_WARN, "Excel error in a text answer", "Retype it; begin with a letter, not with = or -."),
    "R032": FindingKind(
        _WARN,
        "Figures that no longer fit the catalogue",
        "Give the KPI its id and frequency back, or retire it with 'retired_after'; the figures stay in the ledger.",
    ),
    "R033": FindingKind(
        _WARN, "Column is not read", "Rename it to one of the columns listed, or leave it: nothing else is affected."
    ),
    "R036": FindingKind(
        _WARN,
        "Added column is not read",
        "Move what matters into Commentary; only the issued columns are read.",
    ),
    "R037": FindingKind(_NOTE, "Added sheet is not read", "Nothing to do unless figures were typed into it."),
    "R038": FindingKind(
        _WARN,
        "Reason for restatement without a restated figure",
        "Type the corrected earlier figure beside the reason, or clear the reason.",
    ),
    "R039": FindingKind(
        _WARN,
        "Sign-off answer that is beside no question",
        "Type it beside one of the issued lines; use each line once.",
    ),
    "R031": FindingKind(
        _WARN,
        "Answer in a cell that the KPI does not use",
        "Fill the yellow cells of the row; the grey ones are not read.",
        fix_history="Check that this is the intended figure; the KPI uses other columns.",
    ),
    "R030": FindingKind(
        _WARN, "Number beside the figure cannot be read", "Retype it as a single number in the unit shown."
    ),
    "R040": FindingKind(
        _WARN,
        "The table of the return was cut short",
        "Drag the corner at the end of the table down over the rows below it (or Table Design, Resize Table), save the "
        "return, and send it again.",
        is_in_question=True,
        is_of_rows=True,
    ),
    "R051": FindingKind(
        _ROW,
        "Period could be read two ways",
        "Write it in the form that the KPI's frequency needs.",
        is_later_refusal=True,
    ),
    "R052": FindingKind(
        _WARN, "Row of history appears more than once, with the same figure", "Nothing to do; it was counted once."
    ),
    "R056": FindingKind(
        _WARN,
        "Milestone is not complete, and its date has passed",
        "It counts as missed. Say Complete if it is; a later date counts once it is agreed and in the catalogue, from "
        "the period in which it was agreed.",
    ),
    "R057": FindingKind(
        _WARN,
        "Figure without its numerator and denominator",
        "Nothing to do if they cannot be had. It is judged like any other, but cannot be added to those of other orgs "
        "or periods: what is rolled up by parts counts it as not there.",
    ),
    "R058": FindingKind(
        _WARN,
        "Still right, and there is nothing to keep",
        "Type what is to be said into the cells of the row; if there is nothing to say, clear Still right.",
    ),
    "R059": FindingKind(
        _WARN,
        "What was said of an action could not be taken",
        "Ask the owner which action it is about; the team can type it into the Actions sheet of the master.",
    ),
    # A: answers that go with a figure
    "R053": FindingKind(
        _WARN,
        "Text in place of a figure was taken to mean 'not applicable'",
        "Nothing to do if the KPI did not apply then; if there is a figure, or it is not known, correct the row.",
    ),
    "A001": FindingKind(_WARN, "Commentary needed", "Ask the owner what explains the figure."),
    "A002": FindingKind(_WARN, "Action needed", "Ask the owner what is being done, by whom and by when."),
    "A003": FindingKind(_WARN, "Action has no owner or due date", "Ask the owner who will do it and by when."),
    "A004": FindingKind(_WARN, "Action is past its due date", "Ask the owner for progress and a new date."),
    "A005": FindingKind(_WARN, "Restated without a reason", "Ask the owner why the earlier figure changed."),
    "A006": FindingKind(
        _WARN,
        "Definition or source changed",
        "Check that the figures before and after the change can still be compared.",
    ),
    "A007": FindingKind(_WARN, "Change of definition not described", "Ask the owner what changed."),
    "A008": FindingKind(_WARN, "Data not validated", "Ask the owner to confirm the figure."),
    "A009": FindingKind(_WARN, "Not signed off", "Ask the executive owner to sign off with name and date."),
    "A010": FindingKind(
        _NOTE, "Earlier figure restated", "Nothing to do; the figure first reported is kept beside it."
    ),
    "A014": FindingKind(
        _WARN,
        "An action was put off or closed without saying why",
        "Ask the owner why the date has moved, or what shows that it is done.",
    ),
    "A015": FindingKind(
        _WARN,
        "A promised figure could not be taken",
        "Ask the owner which figure is promised for which period; the team can type it into the Recovery sheet of the "
        "master.",
    ),
    # D: decisions typed in the master
    "A012": FindingKind(
        _WARN, "Signed off on a day that has not come", "Ask the owner for the day on which it was signed off."
    ),
    "A013": FindingKind(
        _WARN,
        "Nothing was filled in",
        "Ask the owner whether the return was sent by mistake, and for the figures.",
        is_in_question=True,
    ),
    "A011": FindingKind(
        _WARN,
        "A restatement was withdrawn",
        "Check with the owner that the earlier figure is right again; a later return can restate it once more.",
    ),
    "D001": FindingKind(
        _WARN,
        "Decision names an unknown stage",
        "Choose a stage from the list; until then it counts as no stage, and your text stays.",
    ),
    "D002": FindingKind(_WARN, "Decision is incomplete", "Give the stage, who decided, and the date."),
    "D003": FindingKind(
        _WARN,
        "A note or formula could not stay with its row",
        "Copy it to where it belongs; it is also in the backup.",
    ),
    "D004": FindingKind(
        _WARN,
        "Two people decided without seeing each other's decision",
        "On the Escalation sheet, replace 'Choose: …' with the decision that stands, or with another, then collate.",
    ),
    "D005": FindingKind(
        _WARN,
        "A copy of the master could not be read",
        "Open it and check whether anything typed in it is needed; then move it to another folder.",
    ),
    "D006": FindingKind(
        _WARN,
        "Decisions, actions or words were taken from a copy of the master",
        "Check that they are intended; then move the copy to another folder, because only the master is for typing in.",
    ),
    "D007": FindingKind(
        _WARN,
        "A reference points at rows that have moved or gone",
        "Point it at the right cells again; a reference to a whole column of the table follows by itself.",
    ),
    "D008": FindingKind(
        _WARN,
        "A table in an open Excel was left as it was",
        "Take away what is named, or save and close the workbook and run xlperf collate in its folder.",
    ),
    "D009": FindingKind(_WARN, "The date of a decision cannot be right", "Type the day on which it was decided."),
    "D010": FindingKind(
        _WARN,
        "What was typed about an action could not be taken",
        "On the Actions sheet, correct the cell; the register stays as it was until then.",
    ),
    "D011": FindingKind(
        _WARN,
        "An action was changed by somebody who had not seen an earlier change",
        "On the Actions sheet, type over the cell with what is to stand; both are in the ledger.",
    ),
    "D012": FindingKind(
        _WARN,
        "What was typed about a recovery path could not be taken",
        "On the Recovery sheet, correct the cell or the row; what was promised stays as it was until then.",
    ),
    "D013": FindingKind(
        _WARN,
        "A promised figure was changed by somebody who had not seen an earlier change",
        "On the Recovery sheet, type over the cell with what is to stand; both are in the ledger.",
    ),
    "D014": FindingKind(
        _WARN,
        "Words on a rolled-up figure, or their approval, are incomplete",
        "On the Narrative sheet, type words with who approved them and on which day; until then they are a draft.",
    ),
    "D015": FindingKind(
        _WARN,
        "Two people typed words on a figure without seeing each other's",
        "On the Narrative sheet, replace 'Choose: …' with the words that stand, or with others, then collate.",
    ),
    "D016": FindingKind(
        _WARN,
        "What was typed about a line of enquiry does not count, or not yet",
        "On the Enquiries sheet, type over the cell with what is to stand; what is there now counts until then.",
    ),
    "D017": FindingKind(
        _WARN,
        "What was typed about a case is incomplete, or could not be taken",
        "On the Cases sheet, correct the cell; what was typed by mistake has the kind Withdrawn.",
    ),
    "D018": FindingKind(
        _WARN,
        "An entry of a case was changed by somebody who had not seen an earlier change",
        "On the Cases sheet, type over the cell with what is to stand; both are in the ledger.",
    ),
    # C: the catalogue
    "C001": FindingKind(
        _RETURN, "Not YAML", "Correct the line named; the usual cause is an indent or a quotation mark."
    ),
    "C002": FindingKind(
        _RETURN,
        "Missing or wrong field",
        "Correct the field; the JSON Schema beside the documentation lists what is allowed.",
    ),
    "C003": FindingKind(_RETURN, "Id used twice", "Give each one its own id."),
    "C004": FindingKind(_RETURN, "Unknown reference", "Use an id that the catalogue defines, or define it."),
    "C005": FindingKind(
        _RETURN, "Target, tolerance and range contradict each other", "Correct the target, its tolerance or the range."
    ),
    "C006": FindingKind(
        _RETURN,
        "Frequency does not fit the calendar",
        "Correct the frequency or add the period to the calendar.",
    ),
    "C007": FindingKind(_RETURN, "KPI is not SMART", "Fill in what is missing."),
    "C008": FindingKind(_RETURN, "Excel cannot hold it", "Shorten it."),
    "C009": FindingKind(_RETURN, "Key given twice", "Keep one; YAML would silently use the last one."),
    "C010": FindingKind(_WARN, "Worth a look", "Check that it is intended."),
    "C011": FindingKind(
        _RETURN,
        "Calendar dates out of order",
        "Put the deadline, hard close and board date in that order, all after the end of the period.",
    ),
    "C012": FindingKind(_RETURN, "Rules cannot work", "Correct the stages or the rules."),
    "C013": FindingKind(_RETURN, "Roll-up cannot work", "Choose another 'roll_up', or give what it needs."),
    "C014": FindingKind(
        _RETURN,
        "Figure that does not fit the KPI's other figures",
        "Correct whichever of the named figures is on another scale; if intended, say so as the message explains.",
    ),
    # V: the ledger, as verify finds it
    "C015": FindingKind(
        _WARN,
        "The catalogue has changed, and its version has not",
        "Raise 'version', so that every return and edition says which catalogue it goes by.",
    ),
    "C016": FindingKind(
        _WARN,
        "An earlier catalogue is in use again",
        "Check that this is the file you mean; put the later one back if it is not.",
    ),
    "C019": FindingKind(
        _RETURN,
        "Dates of an org contradict each other",
        "Correct 'from', 'until' or 'succeeded_by' of one of the orgs named.",
    ),
    "C020": FindingKind(
        _RETURN, "What the figure measures does not fit the KPI", "Correct 'measure', 'restarts_in' or 'over_months'."
    ),
    "C021": FindingKind(
        _RETURN,
        "A series cannot go on in another org's",
        "Correct 'series', 'succeeded_by', 'from' or 'until' of the orgs named.",
    ),
    "C022": FindingKind(
        _WARN,
        "A milestone without a date",
        "Give its date as 'due' of its target, or say in 'no_target_because' why there is none yet.",
    ),
    "C023": FindingKind(
        _WARN,
        "Nobody answers for a rolled-up figure as a whole",
        "Name one as 'executive_owner' of the org, or under 'roll_up' of the KPI.",
    ),
    "C025": FindingKind(
        _WARN,
        "A meeting covers nothing",
        "Correct its 'covers', or name it as 'committee' of a KPI; 'on: no' keeps it for later.",
    ),
    "C026": FindingKind(
        _WARN,
        "Two meetings decide on the same stage",
        "Leave the stage in 'decides' of the one that decides, or let 'covers' of the two have nothing in common.",
    ),
    "C027": FindingKind(
        _RETURN,
        "A meeting's date is outside the calendar",
        "Name a period of the calendar, and a day after it has ended.",
    ),
    "C028": FindingKind(
        _RETURN,
        "The board is described twice",
        "Describe it once: in 'meetings', with the name that 'board' has, or in 'pack'.",
    ),
    "C031": FindingKind(
        _WARN,
        "A question that no KPI answers",
        "Give a KPI that question, or remove the question.",
    ),
    "C032": FindingKind(
        _RETURN,
        "The wording of a line of enquiry cannot be used",
        "Correct it under 'wording' of 'enquiries', or remove it: then the shipped words are used.",
    ),
    "V001": FindingKind(
        _WARN,
        "A run is damaged",
        "Restore it from a backup of the ledger; until then nothing is read from this ledger.",
        is_lost_run=True,
    ),
    "V002": FindingKind(
        _WARN,
        "A run has gone",
        "Restore it from a backup of the ledger; where there is none, 'xlperf ledger give-up' goes on without it.",
        is_lost_run=True,
    ),
    "V003": FindingKind(
        _WARN,
        "Two runs of one name differ",
        "Delete this copy, which counts for nothing; the run that is called by its name alone is whole.",
    ),
    "V004": FindingKind(_WARN, "An original has gone", "Restore it from a backup of the ledger."),
    "V005": FindingKind(_WARN, "An original is damaged", "Restore it from a backup of the ledger."),
    "V006": FindingKind(
        _WARN,
        "The record differs from the original",
        "Check the original; if the record is wrong, ask its owner to send the return again, and restate the figure.",
    ),
    "V007": FindingKind(
        _NOTE, "Original cannot be read again", "Nothing to do unless there are other findings about it."
    ),
    "V008": FindingKind(_NOTE, "Runs written before runs carried a hash", "Nothing to do; new runs carry one."),
    "V009": FindingKind(
        _NOTE,
        "A run was given up as lost",
        "If it is found in a backup, put it back.",
        is_lost_run=True,
    ),
    "V010": FindingKind(
        _NOTE,
        "An earlier version of xlperf read the original differently",
        "Nothing is damaged and the record stays; check the original, and restate the figure if it is wrong.",
    ),
    # W: the workspace
    "W001": FindingKind(
        _WARN,
        "A published edition has been changed",
        "Restore it from a backup; to change something, publish again, which makes a new edition.",
    ),
    "W002": FindingKind(
        _NOTE,
        "A published edition is no longer in its folder",
        "Nothing to do if it was moved away; if publishing was interrupted, the next run puts it in its place.",
    ),
}
