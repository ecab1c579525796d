/** Who uses Walrus: publishers, owners, payers, calling contracts and kinds of content, epoch by epoch. */
@NullMarked
package dev.vibrissa.api.adoption;

import org.jspecify.annotations.NullMarked;
