package dev.vibrissa.server.cli;

import java.util.Locale;

/** The chain a command is about; one database holds one. */
public enum Network {
    DEVNET,
    TESTNET,
    MAINNET,
    /** Any other chain: its package ids come from the settings. */
    CUSTOM;

    /** The name as users write it, and as the data folder is called. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
