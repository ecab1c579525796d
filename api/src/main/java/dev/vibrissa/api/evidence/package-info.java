/**
 * Evidence: what a stranger needs to check offline that an event really happened, up to a summary that a Sui
 * committee signed. Whether that committee is to be trusted is for the stranger to know.
 */
@NullMarked
package dev.vibrissa.api.evidence;

import org.jspecify.annotations.NullMarked;
