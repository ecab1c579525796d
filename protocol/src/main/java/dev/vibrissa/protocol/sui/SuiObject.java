package dev.vibrissa.protocol.sui;

import dev.vibrissa.protocol.bcs.BcsException;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One version of one object, as its digest is taken over.
 *
 * @param previousTransaction the transaction that wrote this version
 * @param storageRebate MIST given back when the object goes
 */
public record SuiObject(Data data, Owner owner, Digest previousTransaction, long storageRebate) {
    /** Fewest bytes an object takes: data of 40, an owner, a digest with its length, the rebate; rounded down. */
    static final int MIN_BYTES = 80;

    /** What an object holds. */
    public sealed interface Data {
        SuiAddress id();

        long version();

        static Data decode(BcsReader in) {
            return switch (in.variant("Data", 2)) {
                case 0 -> Move.decode(in);
                default -> Package.decode(in);
            };
        }

        default void encode(BcsWriter out) {
            switch (this) {
                case Move move -> move.encodeFields(out.uleb(0));
                case Package code -> code.encodeFields(out.uleb(1));
            }
        }
    }

    /**
     * A Move struct.
     *
     * @param type in full, also where the chain abbreviates it (coins, staked SUI, balances)
     * @param contents BCS of the struct; the first 32 bytes are its id
     */
    public record Move(StructTag type, boolean hasPublicTransfer, long version, Bytes contents) implements Data {
        /**
         * @throws IllegalArgumentException if the contents are too short to hold an id
         */
        public Move {
            if (contents.length() < SuiAddress.SIZE) {
                throw new IllegalArgumentException("%d bytes hold no object id".formatted(contents.length()));
            }
        }

        @Override
        public SuiAddress id() {
            return SuiAddress.decode(contents.reader());
        }

        static Move decode(BcsReader in) {
            StructTag type = MoveObjectType.decode(in);
            boolean hasPublicTransfer = in.bool();
            long version = in.u64();
            int start = in.position();
            Bytes contents = in.bytesView();
            if (contents.length() < SuiAddress.SIZE) {
                throw new BcsException("%d bytes hold no object id".formatted(contents.length()), start);
            }
            return new Move(type, hasPublicTransfer, version, contents);
        }

        private void encodeFields(BcsWriter out) {
            MoveObjectType.encode(type, out);
            out.bool(hasPublicTransfer).u64(version).bytes(contents);
        }
    }

    /**
     * Published code.
     *
     * @param modules bytecode by module name; like all maps of BCS in the order of the keys' bytes
     * @param typeOrigins which package version introduced each type
     * @param linkage dependencies by their original id
     */
    public record Package(
            SuiAddress id,
            long version,
            Map<String, Bytes> modules,
            List<TypeOrigin> typeOrigins,
            Map<SuiAddress, Upgraded> linkage)
            implements Data {

        static Package decode(BcsReader in) {
            SuiAddress id = SuiAddress.decode(in);
            long version = in.u64();
            var modules = new LinkedHashMap<String, Bytes>();
            for (int left = in.length(2); left > 0; left--) {
                modules.put(in.string(), in.bytesView());
            }
            List<TypeOrigin> origins = in.list(34, TypeOrigin::decode);
            var linkage = new LinkedHashMap<SuiAddress, Upgraded>();
            for (int left = in.length(72); left > 0; left--) {
                linkage.put(SuiAddress.decode(in), new Upgraded(SuiAddress.decode(in), in.u64()));
            }
            return new Package(
                    id, version, Collections.unmodifiableMap(modules), origins, Collections.unmodifiableMap(linkage));
        }

        private void encodeFields(BcsWriter out) {
            id.encode(out);
            out.u64(version);
            out.list(
                    modules.entrySet(),
                    (each, module) -> each.string(module.getKey()).bytes(module.getValue()));
            out.list(typeOrigins, (each, origin) -> origin.encode(each));
            out.list(linkage.entrySet(), (each, link) -> {
                link.getKey().encode(each);
                link.getValue().id().encode(each);
                each.u64(link.getValue().version());
            });
        }
    }

    /** A type and the package version that introduced it. */
    public record TypeOrigin(String module, String name, SuiAddress packageId) {
        static TypeOrigin decode(BcsReader in) {
            return new TypeOrigin(in.string(), in.string(), SuiAddress.decode(in));
        }

        void encode(BcsWriter out) {
            out.string(module).string(name);
            packageId.encode(out);
        }
    }

    /** The version of a dependency that a package is linked to. */
    public record Upgraded(SuiAddress id, long version) {}

    /** What genesis creates: data and owner only. */
    public record Genesis(Data data, Owner owner) {
        static Genesis decode(BcsReader in) {
            in.variant("GenesisObject", 1);
            return new Genesis(Data.decode(in), Owner.decode(in));
        }

        void encode(BcsWriter out) {
            data.encode(out.uleb(0));
            owner.encode(out);
        }
    }

    public static SuiObject decode(BcsReader in) {
        return decode(Data.decode(in), in);
    }

    /** Reads what follows the data. */
    static SuiObject decode(Data data, BcsReader in) {
        return new SuiObject(data, Owner.decode(in), Digest.decode(in), in.u64());
    }

    public void encode(BcsWriter out) {
        data.encode(out);
        owner.encode(out);
        previousTransaction.encodeWithLength(out);
        out.u64(storageRebate);
    }

    public SuiAddress id() {
        return data.id();
    }

    public long version() {
        return data.version();
    }
}
