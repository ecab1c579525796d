package dev.vibrissa.verifier.node;

import dev.vibrissa.redstuff.RecoverySymbol;
import java.util.List;

/**
 * What a node gave of the symbols that it was asked for.
 *
 * @param given at least one; each was asked for, and proven; no one twice
 * @param missing asked for and not given, without a reason
 */
public record Symbols(List<RecoverySymbol> given, List<SymbolId> missing) {}
