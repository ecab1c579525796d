/**
 * What was paid, by whom and for which epochs, and what became of it: prices, subsidies, rewards, burns, supply.
 *
 * <p>Objects prove and calls explain. What a transaction added to the accounts of epochs is certain; which purchases it
 * was made of follows from commands, events and the prices of the moment. What they do not explain is kept as a residual.
 */
@NullMarked
package dev.vibrissa.indexer.project.money;

import org.jspecify.annotations.NullMarked;
