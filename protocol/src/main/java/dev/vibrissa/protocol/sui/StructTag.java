package dev.vibrissa.protocol.sui;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import java.util.List;

/**
 * The type of a Move struct. Its address is the package version that introduced the type, and stays so through
 * every later upgrade.
 */
public record StructTag(SuiAddress address, String module, String name, List<TypeTag> typeParams) {
    /** A struct without type parameters. */
    public StructTag(SuiAddress address, String module, String name) {
        this(address, module, name, List.of());
    }

    public static StructTag decode(BcsReader in) {
        return decode(in, 0);
    }

    static StructTag decode(BcsReader in, int depth) {
        return new StructTag(
                SuiAddress.decode(in), in.string(), in.string(), in.list(1, each -> TypeTag.decode(each, depth + 1)));
    }

    /**
     * Reads {@code 0x2::coin::Coin<0x2::sui::SUI>}; addresses may be short.
     *
     * @throws IllegalArgumentException if {@code text} is no struct type
     */
    public static StructTag parse(String text) {
        return new TypeParser(text).wholeStruct();
    }

    public void encode(BcsWriter out) {
        address.encode(out);
        out.string(module).string(name).list(typeParams, (each, type) -> type.encode(each));
    }

    /** Whether this is {@code module::name} of the package {@code address}, whatever its type parameters. */
    public boolean is(SuiAddress address, String module, String name) {
        return this.name.equals(name) && this.module.equals(module) && this.address.equals(address);
    }

    @Override
    public String toString() {
        var text = new StringBuilder(128);
        text.append(address).append("::").append(module).append("::").append(name);
        if (!typeParams.isEmpty()) {
            String before = "<";
            for (TypeTag type : typeParams) {
                text.append(before).append(type);
                before = ", ";
            }
            text.append('>');
        }
        return text.toString();
    }
}
