package dev.vibrissa.protocol.sui;

import dev.vibrissa.protocol.bcs.BcsException;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;

/** A Move type. Printed as Sui does, addresses with all 64 digits: {@code vector<0x…02::sui::SUI>}. */
public sealed interface TypeTag {
    /** Deepest nesting we follow; the chain itself stays at or below this. */
    int MAX_DEPTH = 16;

    /** A type without parts. */
    enum Primitive implements TypeTag {
        BOOL("bool", 0),
        U8("u8", 1),
        U16("u16", 8),
        U32("u32", 9),
        U64("u64", 2),
        U128("u128", 3),
        U256("u256", 10),
        ADDRESS("address", 4),
        SIGNER("signer", 5);

        private final String text;
        private final int variant;

        Primitive(String text, int variant) {
            this.text = text;
            this.variant = variant;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    record Vector(TypeTag element) implements TypeTag {
        @Override
        public String toString() {
            return "vector<" + element + ">";
        }
    }

    record Struct(StructTag tag) implements TypeTag {
        @Override
        public String toString() {
            return tag.toString();
        }
    }

    static TypeTag decode(BcsReader in) {
        return decode(in, 0);
    }

    /**
     * @throws IllegalArgumentException if {@code text} is no type in Sui's notation
     */
    static TypeTag parse(String text) {
        return new TypeParser(text).wholeType();
    }

    /** {@code depth} counts the types around this one. */
    static TypeTag decode(BcsReader in, int depth) {
        if (depth > MAX_DEPTH) {
            throw new BcsException("type nested deeper than %d".formatted(MAX_DEPTH), in.position());
        }
        return switch (in.variant("TypeTag", 11)) {
            case 0 -> Primitive.BOOL;
            case 1 -> Primitive.U8;
            case 2 -> Primitive.U64;
            case 3 -> Primitive.U128;
            case 4 -> Primitive.ADDRESS;
            case 5 -> Primitive.SIGNER;
            case 6 -> new Vector(decode(in, depth + 1));
            case 7 -> new Struct(StructTag.decode(in, depth));
            case 8 -> Primitive.U16;
            case 9 -> Primitive.U32;
            default -> Primitive.U256;
        };
    }

    default void encode(BcsWriter out) {
        switch (this) {
            case Primitive primitive -> out.uleb(primitive.variant);
            case Vector(TypeTag element) -> element.encode(out.uleb(6));
            case Struct(StructTag tag) -> tag.encode(out.uleb(7));
        }
    }
}
