/** The first and the last millisecond of the times that notes may have: the years 1 to 9999. */
export const [beginOfYear1, endOfYear9999] = [-62_135_596_800_000, 253_402_300_799_999];
