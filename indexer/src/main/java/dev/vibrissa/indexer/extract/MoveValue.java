package dev.vibrissa.indexer.extract;

import dev.vibrissa.protocol.bcs.BcsException;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.sui.TypeTag;

/** Steps over a Move value of which only the type is known: the name of a dynamic field. */
final class MoveValue {
    private MoveValue() {}

    /**
     * @throws BcsException for a struct whose layout the type does not tell; one without a type parameter is taken
     *     for a struct without fields, which Move stores as one byte, as all field keys of Walrus's are
     */
    static void skip(BcsReader in, TypeTag type) {
        switch (type) {
            case TypeTag.Primitive primitive ->
                in.skip(
                        switch (primitive) {
                            case BOOL, U8 -> 1;
                            case U16 -> 2;
                            case U32 -> 4;
                            case U64 -> 8;
                            case U128 -> 16;
                            case U256, ADDRESS, SIGNER -> 32;
                        });
            case TypeTag.Vector(var element) -> {
                int count = in.length(1);
                for (int i = 0; i < count; i++) {
                    skip(in, element);
                }
            }
            case TypeTag.Struct(var tag) -> {
                switch (tag.module() + "::" + tag.name()) {
                    case "object::ID" -> in.skip(32);
                    case "dynamic_object_field::Wrapper" ->
                        skip(in, tag.typeParams().getFirst());
                    case "upgrade::PackageDigest", "site::ResourcePath" -> in.skipBytes();
                    default -> {
                        if (in.u8() != 0) {
                            throw new BcsException("field name of unknown type " + tag, in.position() - 1);
                        }
                    }
                }
            }
        }
    }
}
