package driver;

/** Status and body of one answer. */
public final class Answer {
    final int status;
    final String body;

    public Answer(int status, String body) {
        this.status = status;
        this.body = body;
    }
}
