/** What event blobs say beside us: their audits, who attested to which, and how far each node is. */
@NullMarked
package dev.vibrissa.api.eventblob;

import org.jspecify.annotations.NullMarked;
