package dev.vibrissa.protocol.sui;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;

/**
 * What gas was spent on, in MIST (10⁻⁹ SUI).
 *
 * @param rebate storage fee given back for what was deleted or rewritten
 * @param nonRefundable part of the storage fee that stays with the storage fund
 */
public record GasCost(long computation, long storage, long rebate, long nonRefundable) {
    public static GasCost decode(BcsReader in) {
        return new GasCost(in.u64(), in.u64(), in.u64(), in.u64());
    }

    public void encode(BcsWriter out) {
        out.u64(computation).u64(storage).u64(rebate).u64(nonRefundable);
    }
}
