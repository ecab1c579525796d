package dev.vibrissa.devnet.ledger.move;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.StructTag;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.TypeTag;
import dev.vibrissa.protocol.sui.TypeTag.Primitive;
import java.math.BigInteger;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * A Move type and how its values look in Java, where they never change.
 *
 * @param tag as the chain names it: the address is the package version that introduced the type
 * @param decoder reads exactly what {@code encoder} writes, the BCS of the value
 */
public record MoveType<T>(
        TypeTag tag, Set<Ability> abilities, Function<BcsReader, T> decoder, BiConsumer<BcsWriter, T> encoder) {
    private static final Set<Ability> PLAIN = Set.of(Ability.COPY, Ability.DROP, Ability.STORE);
    private static final SuiAddress STANDARD_LIBRARY = SuiAddress.parse("0x1");

    public static final MoveType<Boolean> BOOL = plain(Primitive.BOOL, BcsReader::bool, BcsWriter::bool);
    public static final MoveType<Integer> U8 = plain(Primitive.U8, BcsReader::u8, BcsWriter::u8);
    public static final MoveType<Integer> U16 = plain(Primitive.U16, BcsReader::u16, BcsWriter::u16);
    public static final MoveType<Long> U32 = plain(Primitive.U32, BcsReader::u32, BcsWriter::u32);
    /** The {@code long} of the same bits. */
    public static final MoveType<Long> U64 = plain(Primitive.U64, BcsReader::u64, BcsWriter::u64);

    public static final MoveType<BigInteger> U128 = plain(Primitive.U128, BcsReader::u128, BcsWriter::u128);
    public static final MoveType<BigInteger> U256 = plain(Primitive.U256, BcsReader::u256, BcsWriter::u256);
    public static final MoveType<SuiAddress> ADDRESS =
            plain(Primitive.ADDRESS, SuiAddress::decode, (out, address) -> address.encode(out));
    /** {@code vector<u8>}. */
    public static final MoveType<Bytes> BYTES =
            plain(new TypeTag.Vector(Primitive.U8), BcsReader::bytesView, BcsWriter::bytes);

    public static final MoveType<String> STRING = plain(
            new TypeTag.Struct(new StructTag(STANDARD_LIBRARY, "string", "String")),
            BcsReader::string,
            BcsWriter::string);

    /** {@code 0x2::object::ID}. */
    public static final MoveType<SuiAddress> ID = plain(
            new TypeTag.Struct(new StructTag(SuiAddress.parse("0x2"), "object", "ID")),
            SuiAddress::decode,
            (out, id) -> id.encode(out));

    private static <T> MoveType<T> plain(
            TypeTag tag, Function<BcsReader, T> decoder, BiConsumer<BcsWriter, T> encoder) {
        return new MoveType<>(tag, PLAIN, decoder, encoder);
    }

    /** A struct with the abilities listed; with none it must be consumed within its transaction. */
    public static <T> MoveType<T> struct(
            StructTag tag, Function<BcsReader, T> decoder, BiConsumer<BcsWriter, T> encoder, Ability... abilities) {
        var set = EnumSet.noneOf(Ability.class);
        set.addAll(List.of(abilities));
        return new MoveType<>(new TypeTag.Struct(tag), Set.copyOf(set), decoder, encoder);
    }

    /** Values of a type that nobody here looks into, as their BCS. */
    public static MoveType<Bytes> opaque(TypeTag tag, Set<Ability> abilities) {
        return new MoveType<>(tag, abilities, in -> in.view(in.remaining()), BcsWriter::raw);
    }

    /** {@code vector<element>}. */
    public static <T> MoveType<List<T>> vector(MoveType<T> element) {
        return new MoveType<>(
                new TypeTag.Vector(element.tag),
                container(element),
                in -> in.list(element.decoder),
                (out, items) -> out.list(items, element.encoder));
    }

    /** {@code 0x1::option::Option<element>}. */
    public static <T> MoveType<Optional<T>> option(MoveType<T> element) {
        return new MoveType<>(
                new TypeTag.Struct(new StructTag(STANDARD_LIBRARY, "option", "Option", List.of(element.tag))),
                container(element),
                in -> in.option(element.decoder),
                (out, value) -> out.option(value, element.encoder));
    }

    private static Set<Ability> container(MoveType<?> element) {
        var abilities = EnumSet.noneOf(Ability.class);
        abilities.addAll(element.abilities);
        abilities.remove(Ability.KEY);
        return Set.copyOf(abilities);
    }

    /**
     * @throws IllegalStateException if this is no struct
     */
    public StructTag structTag() {
        if (tag instanceof TypeTag.Struct(StructTag struct)) {
            return struct;
        }
        throw new IllegalStateException("%s is no struct".formatted(tag));
    }

    /** Reads a value that takes all of {@code bcs}. */
    public T decode(Bytes bcs) {
        return BcsReader.decode(bcs, decoder);
    }

    public Bytes encode(T value) {
        return Bytes.of(BcsWriter.encode(value, encoder));
    }

    /** The value with its type: what a function gives back. */
    public MoveValue of(T value) {
        return new MoveValue(tag, abilities, encode(value));
    }
}
