package dev.vibrissa.devnet.ledger;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Blake2b;
import dev.vibrissa.protocol.sui.StructTag;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.sui.SuiObject.TypeOrigin;
import dev.vibrissa.protocol.sui.SuiObject.Upgraded;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Packages among the live objects: how versions and types belong together, and how new ones are made. */
final class Packages {
    private Packages() {}

    static Optional<SuiObject.Package> find(LiveObjects live, SuiAddress id) {
        return live.find(id)
                .flatMap(stored -> stored.object().data() instanceof SuiObject.Package code
                        ? Optional.of(code)
                        : Optional.empty());
    }

    /** The first version of a package, which its modules name. */
    static SuiAddress original(SuiObject.Package code) {
        return code.modules().values().stream()
                .findFirst()
                .map(module -> ModuleCode.decode(module).self())
                .orElse(code.id());
    }

    /** A type under the package version that introduced it. */
    static StructTag type(SuiObject.Package code, String module, String name) {
        for (TypeOrigin origin : code.typeOrigins()) {
            if (origin.module().equals(module) && origin.name().equals(name)) {
                return new StructTag(origin.packageId(), module, name);
            }
        }
        throw new IllegalArgumentException("package %s has no type %s::%s".formatted(code.id(), module, name));
    }

    /** What a ticket for an upgrade is for: the code of the new version, and what it is linked to. */
    static Bytes digest(List<Bytes> modules, List<SuiAddress> dependencies) {
        var hashes = new TreeSet<Bytes>();
        modules.forEach(module -> hashes.add(Bytes.of(Blake2b.hash(module.toByteArray()))));
        dependencies.forEach(id -> hashes.add(Bytes.of(id.toByteArray())));
        var all = new Blake2b();
        hashes.forEach(all::update);
        return Bytes.of(all.finish());
    }

    static SuiObject.Package first(SuiAddress id, List<ModuleCode> modules, Map<SuiAddress, Upgraded> linkage) {
        return make(id, id, 1, modules, List.of(), linkage);
    }

    static SuiObject.Package next(
            SuiAddress id, SuiObject.Package before, List<ModuleCode> modules, Map<SuiAddress, Upgraded> linkage) {
        return make(id, original(before), before.version() + 1, modules, before.typeOrigins(), linkage);
    }

    private static SuiObject.Package make(
            SuiAddress id,
            SuiAddress original,
            long version,
            List<ModuleCode> modules,
            List<TypeOrigin> before,
            Map<SuiAddress, Upgraded> linkage) {
        // Keys of a map in BCS go by their bytes, length first.
        var code = new TreeMap<String, Bytes>(
                (a, b) -> a.length() != b.length() ? Integer.compare(a.length(), b.length()) : a.compareTo(b));
        var origins = new ArrayList<TypeOrigin>();
        for (ModuleCode module : modules) {
            code.put(module.name(), module.of(original).toBytes());
            for (String type : module.types()) {
                origins.add(before.stream()
                        .filter(known -> known.module().equals(module.name())
                                && known.name().equals(type))
                        .findFirst()
                        .orElse(new TypeOrigin(module.name(), type, id)));
            }
        }
        return new SuiObject.Package(id, version, code, List.copyOf(origins), new TreeMap<>(linkage));
    }
}
