/** What became of the WAL of addresses, in coins and in address balances. */
@NullMarked
package dev.vibrissa.api.wal;

import org.jspecify.annotations.NullMarked;
