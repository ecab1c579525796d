package dev.vibrissa.devnet.ledger;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.util.List;

/**
 * What stands for a module's bytecode on this chain, whose functions are Java: names only.
 *
 * @param self the first version of the module's package; zero until published, as in bytecode
 * @param types names of the structs it declares
 */
public record ModuleCode(SuiAddress self, String name, List<String> types) {
    /** Tells it from bytecode, which begins with a11ceb0b. */
    private static final Bytes MAGIC = Bytes.parseHex("76696272");

    /** A module to publish. */
    public ModuleCode(String name, String... types) {
        this(SuiAddress.ZERO, name, List.of(types));
    }

    ModuleCode of(SuiAddress originalPackageId) {
        return new ModuleCode(originalPackageId, name, types);
    }

    static ModuleCode decode(BcsReader in) {
        Bytes magic = in.view(MAGIC.length());
        if (!magic.equals(MAGIC)) {
            throw new IllegalArgumentException("code begins with %s, not %s".formatted(magic, MAGIC));
        }
        return new ModuleCode(SuiAddress.decode(in), in.string(), in.list(BcsReader::string));
    }

    static ModuleCode decode(Bytes code) {
        return BcsReader.decode(code, ModuleCode::decode);
    }

    public Bytes toBytes() {
        var out = new BcsWriter().raw(MAGIC);
        self.encode(out);
        return Bytes.of(out.string(name).list(types, BcsWriter::string).toByteArray());
    }
}
