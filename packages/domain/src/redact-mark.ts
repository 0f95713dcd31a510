export interface Redacted {
  text: string;
  /** How many passages were masked. */
  count: number;
}

/** What stands where something was masked. Nothing of the original is left to guess from. */
export const redactionMarks = {
  mobile: '〔手机号〕',
  identity: '〔身份证号〕',
  card: '〔银行卡号〕',
  plate: '〔车牌号〕',
  email: '〔邮箱〕',
  door: '〔门牌号〕',
} as const;
