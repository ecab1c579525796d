/**
 * The objects of the Walrus contracts: blobs, storage, pools, stake, votes, prices, supply.
 *
 * <p>Money, stake and votes emit no events; they are read from the versions of these objects before and after a
 * transaction. State that upgrades lies in dynamic fields, whose ids {@code FieldKey} derives.
 */
@NullMarked
package dev.vibrissa.protocol.walrus.object;

import org.jspecify.annotations.NullMarked;
