import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Does what the lines of its input say, and prints a line for each: see tests/support/helper_program.rs. */
public final class Driver {
    private static String show(Callable<String> call) throws Exception {
        try {
            return "ok " + call.call();
        } catch (ZohoAccessToken.Failure failure) {
            return "error " + failure.getRetryAfterSeconds() + " " + failure.getMessage();
        }
    }

    /** The same failure, as code that deals with an IOException gets it. */
    private static String getOrFail() throws Exception {
        try {
            return ZohoAccessToken.getOrFail();
        } catch (IOException problem) {
            throw (ZohoAccessToken.Failure) problem.getCause();
        }
    }

    public static void main(String[] arguments) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] parts = line.split(" ", 2);
            switch (parts[0]) {
                case "get":
                    System.out.println(show(Driver::getOrFail));
                    break;
                case "authorization":
                    System.out.println(show(ZohoAccessToken::authorization));
                    break;
                case "drop":
                    ZohoAccessToken.invalidate(parts[1]);
                    System.out.println("dropped");
                    break;
                case "sleep":
                    Thread.sleep(Long.parseLong(parts[1]));
                    System.out.println("slept");
                    break;
                case "parallel":
                    int count = Integer.parseInt(parts[1]);
                    ExecutorService threads = Executors.newFixedThreadPool(count);
                    List<Future<String>> results = new ArrayList<>();
                    for (int i = 0; i < count; i++) {
                        results.add(threads.submit(() -> show(ZohoAccessToken::get)));
                    }
                    for (Future<String> result : results) {
                        System.out.println(result.get());
                    }
                    threads.shutdown();
                    break;
                default:
                    throw new IllegalArgumentException(line);
            }
        }
    }
}
