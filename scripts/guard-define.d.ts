export function guardDefine(): { readonly GUARD_PROGRAM: string }
