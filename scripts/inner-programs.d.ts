export function guardDefine(): { readonly GUARD_PROGRAM: string }
export function copyDefine(): { readonly COPY_PROGRAM: string }
export function foldDefine(): { readonly BATCH_FOLD: string }
