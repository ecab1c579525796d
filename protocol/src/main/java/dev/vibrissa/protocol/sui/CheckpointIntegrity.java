package dev.vibrissa.protocol.sui;

public final class CheckpointIntegrity {
    private CheckpointIntegrity() {}

    public static void verifyContents(Checkpoint checkpoint) {}
}
