package dev.vibrissa.devnet.node;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The faults that a node has now. Of several of one kind the first counts, except for those of slivers, which add up. */
final class Faults {
    private volatile Set<Fault> present = Set.of();

    Set<Fault> present() {
        return present;
    }

    void set(Collection<? extends Fault> faults) {
        present = Collections.unmodifiableSet(new LinkedHashSet<>(faults)); // in the order of the script
    }

    boolean has(Class<? extends Fault> kind) {
        return of(kind).isPresent();
    }

    /** Whether a fault of this kind hits. */
    <F extends Fault> boolean any(Class<F> kind, Predicate<F> hits) {
        return present.stream().filter(kind::isInstance).map(kind::cast).anyMatch(hits);
    }

    <F extends Fault> Optional<F> of(Class<F> kind) {
        return present.stream().filter(kind::isInstance).map(kind::cast).findFirst();
    }
}
