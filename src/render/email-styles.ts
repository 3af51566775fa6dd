/** Where a picture and its dark twin change places. */
const SWAP = `.light{display:none!important}
.dark{display:block!important;max-height:none!important}`;

/**
 * What a mail gains where style sheets are taken; without them it is whole too. Sources: caniemail.com, and email-bugs 104
 * (Apple Mail follows a dark display only with `color-scheme` in a style sheet).
 *
 * The rules for Outlook's own dark mode (`data-ogsc` stands where it has changed a colour) come by themselves: some
 * programs drop a whole sheet for one selector that they do not know.
 */
export const EMAIL_STYLES = `<style>
:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (min-width:480px){.figure{font-size:32px!important}}
@media (max-width:479px){.wide{display:none!important}.turn{display:block!important;max-height:none!important}}
</style>
<style>
@media (prefers-color-scheme:dark){
.pictures{color:inherit!important}
${SWAP}
}
</style>
<style>
${SWAP.replaceAll('.', '[data-ogsc] .')}
</style>`;
