package dev.vibrissa.protocol.walrus;

import dev.vibrissa.protocol.sui.SuiAddress;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The versions of one Move package. Each upgrade has an id of its own, and a type keeps the id of the version that
 * introduced it; so a type or call is the package's if its address is any of these.
 */
public final class PackageChain {
    private final NavigableMap<Long, SuiAddress> ids;
    /** The same ids for {@link #contains}, which is asked about every object of every checkpoint. */
    private final SuiAddress[] addresses;

    /** @param ids package id by version, from 1; empty if a network has no such package */
    public PackageChain(NavigableMap<Long, SuiAddress> ids) {
        this.ids = Collections.unmodifiableNavigableMap(new TreeMap<>(ids));
        this.addresses = ids.values().toArray(new SuiAddress[0]);
    }

    /** Package id by version, from 1; unmodifiable. */
    public NavigableMap<Long, SuiAddress> ids() {
        return ids;
    }

    public static PackageChain none() {
        return new PackageChain(Collections.emptyNavigableMap());
    }

    public boolean contains(SuiAddress address) {
        // A handful of versions: no index beats comparing four longs each.
        for (SuiAddress id : addresses) {
            if (id.equals(address)) {
                return true;
            }
        }
        return false;
    }

    /** The id under which the package was first published. */
    public Optional<SuiAddress> original() {
        return Optional.ofNullable(ids.firstEntry()).map(Map.Entry::getValue);
    }

    public Optional<SuiAddress> latest() {
        return Optional.ofNullable(ids.lastEntry()).map(Map.Entry::getValue);
    }

    /**
     * The chain with one version more, as {@code ContractUpgraded} tells it.
     *
     * @throws IllegalArgumentException if that version is known under another id
     */
    public PackageChain with(long version, SuiAddress id) {
        var known = ids.get(version);
        if (known != null) {
            if (known.equals(id)) {
                return this;
            }
            throw new IllegalArgumentException("version %d is %s, not %s".formatted(version, known, id));
        }
        var longer = new TreeMap<>(ids);
        longer.put(version, id);
        return new PackageChain(longer);
    }

    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof PackageChain chain && ids.equals(chain.ids);
    }

    @Override
    public int hashCode() {
        return ids.hashCode();
    }

    @Override
    public String toString() {
        return ids.toString();
    }
}
