package driver;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Calls the one request of a program once, twice with a pause, or by many callers at the same time, and prints what
 * came back: 0 when all answers are 200, 3 when one is 401, 1 for anything else. It knows nothing of Zoho.
 */
public final class Driver {
    /** The request of a program. */
    public interface Call {
        Answer call() throws Exception;
    }

    private final List<Answer> answers = Collections.synchronizedList(new ArrayList<Answer>());
    private final List<Exception> errors = Collections.synchronizedList(new ArrayList<Exception>());

    private Driver() {}

    public static int run(String[] arguments, Call call) throws InterruptedException {
        Driver driver = new Driver();
        if (arguments.length == 0) {
            driver.once(call);
        } else if (arguments.length == 2 && arguments[0].equals("--twice-with-pause")) {
            driver.once(call);
            Thread.sleep((long) (Double.parseDouble(arguments[1]) * 1000));
            driver.once(call);
        } else if (arguments.length == 2 && arguments[0].equals("--parallel")) {
            driver.parallel(call, Integer.parseInt(arguments[1]));
        } else {
            System.err.println("usage: [--twice-with-pause SECONDS | --parallel CALLERS]");
            return 2;
        }
        return driver.report();
    }

    private void once(Call call) {
        try {
            answers.add(call.call());
        } catch (Exception error) {
            errors.add(error);
        }
    }

    private void parallel(final Call call, int callers) throws InterruptedException {
        // All threads exist before the first one calls.
        final CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<Thread>();
        for (int i = 0; i < callers; i++) {
            Thread thread = new Thread(() -> {
                try {
                    start.await();
                } catch (InterruptedException stopped) {
                    return;
                }
                once(call);
            });
            thread.start();
            threads.add(thread);
        }
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private int report() {
        int code = 0;
        for (Answer answer : answers) {
            String summary = answer.body.replaceAll("\\s+", " ");
            System.out.println(answer.status + " " + summary.substring(0, Math.min(100, summary.length())));
            if (answer.status == 401) {
                code = 3;
            } else if (answer.status != 200) {
                code = Math.max(code, 1);
            }
        }
        for (Exception error : errors) {
            System.err.println("error: " + error);
            code = Math.max(code, 1);
        }
        return code;
    }
}
