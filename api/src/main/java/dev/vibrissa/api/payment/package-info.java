/** What was paid for storage: purchase by purchase, and transaction by transaction with the residuals. */
@NullMarked
package dev.vibrissa.api.payment;

import org.jspecify.annotations.NullMarked;
