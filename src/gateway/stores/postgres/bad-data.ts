import { RampartError } from "#shared";

/** Thrown when the server could not take the values of a statement (SQLSTATE class 22): the same ones would fail again. */
export class BadData extends RampartError {}
