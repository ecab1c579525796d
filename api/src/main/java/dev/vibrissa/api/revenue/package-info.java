/** What storage brought in, by the epoch it was paid in and by the epoch it was paid for. */
@NullMarked
package dev.vibrissa.api.revenue;

import org.jspecify.annotations.NullMarked;
