package dev.vibrissa.devnet.ledger.move;

import dev.vibrissa.protocol.sui.SuiAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The functions that can be called. A function is registered once, for all versions of its package; where versions differ it asks
 * {@link MoveCall#packageId}. Safe for use by several threads.
 */
public final class MoveModules {
    private record Name(SuiAddress originalPackageId, String module, String function) {}

    private final Map<Name, MoveFunction> functions = new ConcurrentHashMap<>();

    /**
     * @param originalPackageId the first version of the package
     * @throws IllegalArgumentException if the function is there already
     */
    public MoveModules add(SuiAddress originalPackageId, String module, String function, MoveFunction code) {
        if (functions.putIfAbsent(new Name(originalPackageId, module, function), code) != null) {
            throw new IllegalArgumentException(
                    "%s::%s::%s is registered already".formatted(originalPackageId, module, function));
        }
        return this;
    }

    public Optional<MoveFunction> find(SuiAddress originalPackageId, String module, String function) {
        return Optional.ofNullable(functions.get(new Name(originalPackageId, module, function)));
    }
}
