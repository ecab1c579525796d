package dev.vibrissa.protocol.sui;

import dev.vibrissa.protocol.bcs.BcsException;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What the sender signed (without the three intent bytes that are signed along). */
public record TransactionData(TransactionKind kind, SuiAddress sender, GasData gas, Expiration expiration) {
    /**
     * Who pays for gas, and how much at most.
     *
     * @param payment coins that pay; may be empty where an address balance pays
     * @param owner the sender or a sponsor
     * @param price MIST for one unit of gas
     * @param budget MIST
     */
    public record GasData(List<ObjectRef> payment, SuiAddress owner, long price, long budget) {
        static GasData decode(BcsReader in) {
            return new GasData(in.list(ObjectRef.BYTES, ObjectRef::decode), SuiAddress.decode(in), in.u64(), in.u64());
        }

        void encode(BcsWriter out) {
            out.list(payment, (each, ref) -> ref.encode(each));
            owner.encode(out);
            out.u64(price).u64(budget);
        }
    }

    /** Until when a transaction may be executed. */
    public sealed interface Expiration {
        record None() implements Expiration {}

        /** The last epoch, inclusive. */
        record Epoch(long last) implements Expiration {}

        /**
         * A window, for transactions that no object version protects from being repeated.
         *
         * @param form which of two variants it is written in
         */
        record ValidDuring(
                OptionalLong minEpoch,
                OptionalLong maxEpoch,
                OptionalLong minTimestampMillis,
                OptionalLong maxTimestampMillis,
                Digest chain,
                long nonce,
                Form form)
                implements Expiration {}

        /** How a window is written. */
        sealed interface Form {
            record Plain() implements Form {}

            record WithProposers(Optional<Proposers> proposers) implements Form {}
        }

        /** Committee positions, at least one, that may propose the transaction in one epoch. */
        record Proposers(long epoch, List<Long> positions) {}

        static Expiration decode(BcsReader in) {
            return switch (in.variant("TransactionExpiration", 4)) {
                case 0 -> new None();
                case 1 -> new Epoch(in.u64());
                case 2 -> window(in, false);
                default -> window(in, true);
            };
        }

        private static ValidDuring window(BcsReader in, boolean withProposers) {
            return new ValidDuring(
                    optional(in),
                    optional(in),
                    optional(in),
                    optional(in),
                    Digest.decode(in),
                    in.u32(),
                    withProposers ? new Form.WithProposers(in.option(Expiration::proposers)) : new Form.Plain());
        }

        private static OptionalLong optional(BcsReader in) {
            return in.bool() ? OptionalLong.of(in.u64()) : OptionalLong.empty();
        }

        private static Proposers proposers(BcsReader in) {
            long epoch = in.u64();
            int start = in.position();
            List<Long> positions = in.list(4, BcsReader::u32);
            if (positions.isEmpty()) {
                throw new BcsException("a restriction to no proposer", start);
            }
            return new Proposers(epoch, positions);
        }

        default void encode(BcsWriter out) {
            switch (this) {
                case None() -> out.uleb(0);
                case Epoch(long last) -> out.uleb(1).u64(last);
                case ValidDuring window -> encodeWindow(window, out);
            }
        }

        private static void encodeWindow(ValidDuring window, BcsWriter out) {
            out.uleb(window.form instanceof Form.Plain ? 2 : 3);
            encodeOptional(window.minEpoch, out);
            encodeOptional(window.maxEpoch, out);
            encodeOptional(window.minTimestampMillis, out);
            encodeOptional(window.maxTimestampMillis, out);
            window.chain.encodeWithLength(out);
            out.u32(window.nonce);
            if (window.form instanceof Form.WithProposers(Optional<Proposers> proposers)) {
                out.option(proposers, (each, some) -> each.u64(some.epoch).list(some.positions, BcsWriter::u32));
            }
        }

        private static void encodeOptional(OptionalLong value, BcsWriter out) {
            out.bool(value.isPresent());
            value.ifPresent(out::u64);
        }
    }

    public static TransactionData decode(BcsReader in) {
        in.variant("TransactionData", 1);
        return new TransactionData(
                TransactionKind.decode(in), SuiAddress.decode(in), GasData.decode(in), Expiration.decode(in));
    }

    public void encode(BcsWriter out) {
        kind.encode(out.uleb(0));
        sender.encode(out);
        gas.encode(out);
        expiration.encode(out);
    }
}
