/** What the log makes of texts that are anybody's: each line in it is one that we wrote. */
@NullMarked
package dev.vibrissa.server.log;

import org.jspecify.annotations.NullMarked;
