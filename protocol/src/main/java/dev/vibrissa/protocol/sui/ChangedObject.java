package dev.vibrissa.protocol.sui;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;

/**
 * What a transaction did to one object.
 *
 * <p>{@code operation} speaks of the id: a wrapped object goes from {@code Exists} to {@code Absent} without
 * {@code DELETED}; one created and wrapped at once goes from {@code Absent} to {@code Absent} with {@code CREATED}.
 */
public record ChangedObject(SuiAddress id, InputState in, OutputState out, IdOperation operation) {
    static final int MIN_BYTES = 35;

    /** Before the transaction. */
    public sealed interface InputState {
        /** Not there, or inside another object. */
        record Absent() implements InputState {}

        record Exists(long version, Digest digest, Owner owner) implements InputState {}

        /** There; effects V1 tell no more than the version. */
        record ExistsV1(long version) implements InputState {}
    }

    /** After the transaction. */
    public sealed interface OutputState {
        /** Not there, or inside another object. */
        record Absent() implements OutputState {}

        /** Written, at the effects' lamport version. */
        record Written(Digest digest, Owner owner) implements OutputState {}

        /** Published or upgraded; packages count their own versions. */
        record PackageWritten(long version, Digest digest) implements OutputState {}

        /**
         * Not an object but a change to an accumulator, such as an address balance; takes effect at the next
         * settlement.
         *
         * @param address whose
         * @param type which, for a balance {@code 0x2::balance::Balance<T>}
         * @param negative false: merged in; true: split off
         * @param value the operand as it is written: variant 0 a u64, 1 two of them, 2 a list of event digests
         */
        record AccumulatorWritten(SuiAddress address, TypeTag type, boolean negative, Bytes value)
                implements OutputState {}
    }

    /** What happened to the id. */
    public enum IdOperation {
        NONE,
        CREATED,
        DELETED
    }

    static ChangedObject decode(BcsReader in) {
        return new ChangedObject(SuiAddress.decode(in), input(in), output(in), operation(in));
    }

    private static InputState input(BcsReader in) {
        return switch (in.variant("ObjectIn", 2)) {
            case 0 -> new InputState.Absent();
            default -> new InputState.Exists(in.u64(), Digest.decode(in), Owner.decode(in));
        };
    }

    private static OutputState output(BcsReader in) {
        return switch (in.variant("ObjectOut", 4)) {
            case 0 -> new OutputState.Absent();
            case 1 -> new OutputState.Written(Digest.decode(in), Owner.decode(in));
            case 2 -> new OutputState.PackageWritten(in.u64(), Digest.decode(in));
            default ->
                new OutputState.AccumulatorWritten(
                        SuiAddress.decode(in),
                        TypeTag.decode(in),
                        in.variant("AccumulatorOperation", 2) == 1,
                        accumulatorValue(in));
        };
    }

    private static Bytes accumulatorValue(BcsReader in) {
        int start = in.position();
        switch (in.variant("AccumulatorValue", 3)) {
            case 0 -> in.skip(8);
            case 1 -> in.skip(16);
            default -> {
                for (int left = in.length(41); left > 0; left--) {
                    in.skip(8);
                    in.bytesOf(Digest.SIZE);
                }
            }
        }
        return in.viewSince(start);
    }

    private static IdOperation operation(BcsReader in) {
        return switch (in.variant("IDOperation", 3)) {
            case 0 -> IdOperation.NONE;
            case 1 -> IdOperation.CREATED;
            default -> IdOperation.DELETED;
        };
    }

    void encode(BcsWriter writer) {
        id.encode(writer);
        switch (in) {
            case InputState.Absent() -> writer.uleb(0);
            case InputState.Exists(long version, Digest digest, Owner owner) -> {
                digest.encodeWithLength(writer.uleb(1).u64(version));
                owner.encode(writer);
            }
            case InputState.ExistsV1 _ ->
                throw new IllegalStateException("object %s comes from effects V1, which are not written".formatted(id));
        }
        switch (out) {
            case OutputState.Absent() -> writer.uleb(0);
            case OutputState.Written(Digest digest, Owner owner) -> {
                digest.encodeWithLength(writer.uleb(1));
                owner.encode(writer);
            }
            case OutputState.PackageWritten(long version, Digest digest) ->
                digest.encodeWithLength(writer.uleb(2).u64(version));
            case OutputState.AccumulatorWritten(SuiAddress address, TypeTag type, boolean negative, Bytes value) -> {
                address.encode(writer.uleb(3));
                type.encode(writer);
                writer.uleb(negative ? 1 : 0).raw(value);
            }
        }
        writer.uleb(
                switch (operation) {
                    case NONE -> 0;
                    case CREATED -> 1;
                    case DELETED -> 2;
                });
    }
}
