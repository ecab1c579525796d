/**
 * What WAL was worth in a currency, where the operator of this server gives a series of prices: one quote a day, and
 * every amount that is shown in the currency names the quote and where it came from.
 */
@NullMarked
package dev.vibrissa.api.quote;

import org.jspecify.annotations.NullMarked;
