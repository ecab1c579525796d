package dev.vibrissa.devnet.contract;

import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.KeyBytes;
import dev.vibrissa.protocol.walrus.object.ActiveSet;
import java.util.SequencedMap;

/** What the staking state keeps in dynamic fields: on the ledger, or in memory where only the rules matter. */
interface StakingFields {
    /** The pool of a node, always the same instance; aborts if there is none. */
    Pool pool(SuiAddress nodeId);

    boolean hasPool(SuiAddress nodeId);

    ActiveSet activeSet();

    void activeSet(ActiveSet set);

    /** Keys of the next committee. */
    SequencedMap<SuiAddress, KeyBytes> nextKeys();

    void nextKeys(SequencedMap<SuiAddress, KeyBytes> keys);
}
