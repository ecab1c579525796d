package dev.vibrissa.devnet.node;

import java.util.Optional;
import java.util.Set;

/** The faults that a node has now. */
final class Faults {
    private volatile Set<Fault> present = Set.of();

    Set<Fault> present() {
        return present;
    }

    void set(Set<Fault> faults) {
        present = Set.copyOf(faults);
    }

    boolean has(Class<? extends Fault> kind) {
        return of(kind).isPresent();
    }

    <F extends Fault> Optional<F> of(Class<F> kind) {
        return present.stream().filter(kind::isInstance).map(kind::cast).findFirst();
    }
}
