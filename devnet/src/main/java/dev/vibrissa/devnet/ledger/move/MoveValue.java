package dev.vibrissa.devnet.ledger.move;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.TypeTag;
import java.util.Set;

/** A value between two commands of a transaction. */
public record MoveValue(TypeTag type, Set<Ability> abilities, Bytes bcs) {}
