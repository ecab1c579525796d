/** What was derived against what the contract counts. */
@NullMarked
package dev.vibrissa.api.reconciliation;

import org.jspecify.annotations.NullMarked;
