import type { ArchiveTableProps } from '../archive-table';
import { numberWithin, type Rule, textLike, textWithin } from './validation';

const name = /^[a-z0-9_]+$/;
const nameDescription = 'be made of lower-case letters, digits and _';

/** What must hold for the properties of an ArchiveTable. */
export function archiveTableRules(props: ArchiveTableProps): Rule[] {
  return [
    textLike('databaseName', props.databaseName, name, nameDescription),
    textWithin('databaseName', props.databaseName, 1, 255),
    textLike('tableName', props.tableName, name, nameDescription),
    textWithin('tableName', props.tableName, 1, 100),
    numberWithin('firstYear', props.firstYear, 2006, 9999),
    textLike('workGroup', props.workGroup, /^[\w.-]{1,128}$/, 'have from 1 to 128 letters, digits, _, . and -'),
  ];
}
