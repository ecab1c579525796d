package dev.vibrissa.server;

import org.junit.platform.suite.api.IncludeClassNamePatterns;
import org.junit.platform.suite.api.IncludeTags;
import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/** Tests of the running application that want another database than {@link ApplicationTests}: one start for each chain. */
@Suite
@SelectPackages({"dev.vibrissa.server.api", "dev.vibrissa.server.pages"})
@SelectClasses(names = "dev.vibrissa.server.BootTest")
@IncludeClassNamePatterns(".*Test")
@IncludeTags(ApplicationOfOtherChainsTests.TAG)
public class ApplicationOfOtherChainsTests {
    /** Of their classes. */
    public static final String TAG = "other-chain";
}
