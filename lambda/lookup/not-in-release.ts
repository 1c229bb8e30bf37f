import type { Answer } from '../cache/entry';
import { CODE_SYSTEMS } from '../codes/systems';
import { type CodeType } from '../names/code-types';
import { UnknownCode } from '../names/errors';

/** A code or category that the live release does not hold, with how that was found out. */
export class NotInRelease extends UnknownCode {
  constructor(
    kind: 'code' | 'category',
    type: CodeType,
    value: string,
    readonly answer: Answer<undefined> & { readonly edition?: string | undefined },
  ) {
    super(`Release ${answer.release} has no ${CODE_SYSTEMS[type].name} ${kind} ${value}.`, {
      codeType: type,
      value,
    });
  }
}
