package dev.vibrissa.devnet.people;

/** Somebody on the devnet. */
@FunctionalInterface
public interface Actor {
    /** Does what it wants to have in the next checkpoint. */
    void act(Turn turn);
}
