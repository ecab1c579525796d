package dev.vibrissa.server;

import org.junit.platform.suite.api.ExcludeTags;
import org.junit.platform.suite.api.IncludeClassNamePatterns;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/**
 * Tests of the running application over the chain {@code blob-life}: one start for all of them. Classes of their own are
 * given to the test JVMs one by one, and the application is built, started and filled anew for each, which is more work
 * than most of them are. Each leaves the database as it found it.
 */
@Suite
@SelectPackages({"dev.vibrissa.server.api", "dev.vibrissa.server.pages"})
@IncludeClassNamePatterns(".*Test")
@ExcludeTags(ApplicationOfOtherChainsTests.TAG)
class ApplicationTests {}
