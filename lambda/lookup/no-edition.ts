import type { Answer } from '../cache/entry';
import { CODE_SYSTEMS } from '../codes/systems';
import type { CodeType } from '../names/code-types';
import { AppError } from '../names/errors';

/** A date before the first edition that the live release holds of a code system. */
export class NoEdition extends AppError {
  constructor(
    type: CodeType,
    on: string,
    firstDay: string,
    readonly answer: Answer<unknown>,
  ) {
    super(
      'NO_EDITION',
      `Nothing is known of ${CODE_SYSTEMS[type].name} on ${on}: the first edition is of ${firstDay}. Ask for that day or a later one.`,
      { field: 'on', codeType: type, value: on, firstDay },
    );
  }
}
