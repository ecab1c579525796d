package dev.vibrissa.protocol.walrus.object;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.SuiAddress;

/**
 * Testnet's exchange of SUI for WAL at a fixed rate.
 *
 * @param wal FROST it holds
 * @param sui MIST it holds
 * @see "Move: wal_exchange::wal_exchange::Exchange"
 */
public record Exchange(SuiAddress id, long wal, long sui, Rate rate, SuiAddress admin) implements WalrusObject {
    public static Exchange decode(BcsReader in) {
        return new Exchange(SuiAddress.decode(in), in.u64(), in.u64(), Rate.decode(in), SuiAddress.decode(in));
    }

    @Override
    public void encode(BcsWriter out) {
        id.encode(out);
        out.u64(wal);
        out.u64(sui);
        rate.encode(out);
        admin.encode(out);
    }

    /** So much WAL for so much SUI. */
    public record Rate(long wal, long sui) {
        public static Rate decode(BcsReader in) {
            return new Rate(in.u64(), in.u64());
        }

        public void encode(BcsWriter out) {
            out.u64(wal);
            out.u64(sui);
        }
    }
}
