import { RECOMMENDED_SETTINGS } from '../redis/recommended-settings';

/** Reads one setting; undefined when the server has no such setting. Throws when it refuses the question. */
export type ReadSetting = (name: string) => Promise<string | undefined>;

export interface SettingsDrift {
  /** Settings that differ from what is recommended. */
  readonly drifted: readonly { setting: string; recommended: string; actual: string }[];
  /** Settings the server does not tell; Redis Cloud knows about 20 and refuses the rest. */
  readonly unknown: readonly string[];
}

/**
 * Compares the server's settings with the recommended ones. A server that answers no question at all
 * (CONFIG may be forbidden) leaves every setting unknown, which is not drift.
 */
export async function settingsDrift(read: ReadSetting): Promise<SettingsDrift> {
  const answers = await Promise.all(
    Object.entries(RECOMMENDED_SETTINGS).map(async ([setting, recommended]) => {
      const actual = await read(setting).catch(() => undefined);
      return { setting, recommended, actual };
    }),
  );
  return {
    drifted: answers.flatMap(({ setting, recommended, actual }) =>
      actual === undefined || actual === recommended ? [] : [{ setting, recommended, actual }],
    ),
    unknown: answers.flatMap(({ setting, actual }) => (actual === undefined ? [setting] : [])),
  };
}
