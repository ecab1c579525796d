/** What an address holds. */
@NullMarked
package dev.vibrissa.api.address;

import org.jspecify.annotations.NullMarked;
