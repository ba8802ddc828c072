import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The access token for calls to Zoho's APIs (OAuth 2.0). It is fetched with the refresh token, kept until shortly
 * before it expires, and shared by all threads.
 *
 * <p>Settings: {@code ZOHO_CLIENT_ID}, {@code ZOHO_CLIENT_SECRET} and {@code ZOHO_REFRESH_TOKEN} from the environment,
 * or, where they are not set there, from the settings file that is named below. {@code ZOHO_ACCOUNTS_URL} names the
 * accounts server of another data centre, for example {@code https://accounts.zoho.eu}.
 *
 * <p>How to get the three: https://www.zoho.com/accounts/protocol/oauth/self-client/overview.html
 * <br>What happens here: https://www.zoho.com/accounts/protocol/oauth/web-apps/access-token-expiry.html
 *
 * <p>authshift helper: java 1
 */
public final class ZohoAccessToken {

    // ---- Settings of this program ----------------------------------------------------------------------------------

    /** Zoho's accounts server for the data centre of the account. */
    private static final String ACCOUNTS_URL = "https://accounts.zoho.com";

    /** A .properties file, on the class path or beside the running program; empty: none. */
    private static final String SETTINGS_FILE = "";

    /** What the settings are called in that file. */
    private static final String CLIENT_ID_KEY = "ZOHO_CLIENT_ID";
    private static final String CLIENT_SECRET_KEY = "ZOHO_CLIENT_SECRET";
    private static final String REFRESH_TOKEN_KEY = "ZOHO_REFRESH_TOKEN";
    private static final String ACCOUNTS_URL_KEY = "ZOHO_ACCOUNTS_URL";

    // ---- For the program -------------------------------------------------------------------------------------------

    /** An access token that is good for a call now. Asks Zoho for one only if the last has expired. */
    public static synchronized String get() {
        if (token == null || now() >= tokenEnds) {
            token = null;
            refresh();
        }
        return token;
    }

    /** The same for code that deals with an {@code IOException}: that is what a failure is thrown as. */
    public static String getOrFail() throws IOException {
        try {
            return get();
        } catch (Failure failure) {
            throw new IOException(failure.getMessage(), failure);
        }
    }

    /** The value of the {@code Authorization} header for a call now. */
    public static String authorization() {
        return SCHEME + get();
    }

    /**
     * Forgets a token that an API refused (INVALID_OAUTH, INVALID_TOKEN, INVALID_OAUTHTOKEN), so that the next call
     * fetches a new one. A token that has been replaced since does no harm.
     *
     * @param refused the token, or the header value that it was sent in
     */
    public static synchronized void invalidate(String refused) {
        if (token != null && (token.equals(refused) || (SCHEME + token).equals(refused))) {
            token = null;
        }
    }

    /** There is no access token. The message says why and what to do, and holds no secret. */
    public static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final long retryAfterSeconds;

        Failure(String message, long retryAfterSeconds, Throwable cause) {
            super(message, cause);
            this.retryAfterSeconds = retryAfterSeconds;
        }

        /** After how many seconds Zoho is asked again; 0 if waiting does not help. */
        public long getRetryAfterSeconds() {
            return retryAfterSeconds;
        }
    }

    // ---- How it is done --------------------------------------------------------------------------------------------

    private static final String SCHEME = "Zoho-oauthtoken ";
    private static final String HOW_TO = "https://www.zoho.com/accounts/protocol/oauth/self-client/overview.html";
    private static final Pattern ALLOWED_URL = Pattern.compile(
            "https://[A-Za-z0-9.-]+(:[0-9]+)?/?|http://(localhost|127\\.0\\.0\\.1|\\[::1\\])(:[0-9]+)?/?");

    private static final int TIMEOUT = 20_000;
    private static final long SECOND = 1_000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;

    /** Zoho's limit for one refresh token: so many refreshes in so much time. */
    private static final int LIMIT = 10;
    private static final long LIMIT_PERIOD = 10 * MINUTE;

    private static String token;
    private static long tokenEnds;
    /** After a failure Zoho is left alone for a while: every call until then fails for the same reason. */
    private static String pauseReason;
    private static long pauseEnds;
    /** When Zoho answered the last refreshes. */
    private static final Deque<Long> refreshes = new ArrayDeque<>();

    private ZohoAccessToken() {
    }

    private static void refresh() {
        Properties file = settingsFile();
        String clientId = setting("ZOHO_CLIENT_ID", file, CLIENT_ID_KEY);
        String clientSecret = setting("ZOHO_CLIENT_SECRET", file, CLIENT_SECRET_KEY);
        String refreshToken = setting("ZOHO_REFRESH_TOKEN", file, REFRESH_TOKEN_KEY);
        StringBuilder missing = new StringBuilder();
        addIfMissing(missing, clientId, "ZOHO_CLIENT_ID", CLIENT_ID_KEY);
        addIfMissing(missing, clientSecret, "ZOHO_CLIENT_SECRET", CLIENT_SECRET_KEY);
        addIfMissing(missing, refreshToken, "ZOHO_REFRESH_TOKEN", REFRESH_TOKEN_KEY);
        if (missing.length() > 0) {
            throw new Failure("Zoho OAuth is not set up, missing: " + missing + ". Set it in the environment"
                    + (SETTINGS_FILE.isEmpty() ? "" : " or in " + SETTINGS_FILE) + "; how to get it: " + HOW_TO, 0, null);
        }
        String accountsUrl = setting("ZOHO_ACCOUNTS_URL", file, ACCOUNTS_URL_KEY);
        if (accountsUrl == null) {
            accountsUrl = ACCOUNTS_URL;
        }
        if (!ALLOWED_URL.matcher(accountsUrl).matches()) {
            throw new Failure("ZOHO_ACCOUNTS_URL must be https:// and a host, such as https://accounts.zoho.eu", 0, null);
        }

        if (pauseReason != null && now() < pauseEnds) {
            throw paused(null);
        }
        pauseReason = null;
        while (!refreshes.isEmpty() && now() - refreshes.peekFirst() >= LIMIT_PERIOD) {
            refreshes.removeFirst();
        }
        if (refreshes.size() >= LIMIT) {
            throw pause("The access token was refreshed " + LIMIT + " times in 10 minutes, which is Zoho's limit",
                    refreshes.peekFirst() + LIMIT_PERIOD - now(), null);
        }

        HttpURLConnection connection = null;
        int status;
        String answer;
        try {
            String form = "grant_type=refresh_token"
                    + "&client_id=" + URLEncoder.encode(clientId, "UTF-8")
                    + "&client_secret=" + URLEncoder.encode(clientSecret, "UTF-8")
                    + "&refresh_token=" + URLEncoder.encode(refreshToken, "UTF-8");
            URI url = URI.create(accountsUrl.replaceAll("/$", "") + "/oauth/v2/token");
            connection = (HttpURLConnection) url.toURL().openConnection();
            post(connection, form.getBytes("US-ASCII"));
            status = connection.getResponseCode();
            answer = read(connection, status);
        } catch (IOException problem) {
            throw pause("Zoho's accounts server could not be reached (" + problem + ")", 5 * SECOND, problem);
        } finally {
            if (connection != null) {
                connection.disconnect();
            }
        }
        refreshes.addLast(now());
        accept(status, answer);
    }

    private static void post(HttpURLConnection connection, byte[] form) throws IOException {
        connection.setRequestMethod("POST");
        connection.setConnectTimeout(TIMEOUT);
        connection.setReadTimeout(TIMEOUT);
        connection.setUseCaches(false);
        // The secrets go to this server only.
        connection.setInstanceFollowRedirects(false);
        connection.setRequestProperty("Content-Type", "application/x-www-form-urlencoded");
        connection.setRequestProperty("Accept", "application/json");
        connection.setDoOutput(true);
        // Without this a broken connection is tried again behind our back, and counts twice.
        connection.setFixedLengthStreamingMode(form.length);
        try (OutputStream out = connection.getOutputStream()) {
            out.write(form);
        }
    }

    private static String read(HttpURLConnection connection, int status) throws IOException {
        try (InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            byte[] buffer = new byte[4096];
            // An answer of Zoho has a few hundred bytes.
            for (int count = 0; in != null && count >= 0 && bytes.size() < 65_536; count = in.read(buffer)) {
                bytes.write(buffer, 0, count);
            }
            return bytes.toString("UTF-8");
        }
    }

    /** Zoho reports errors with HTTP 200 too, so what counts is what the answer says. */
    private static void accept(int status, String answer) {
        String error = field(answer, "error");
        String newToken = field(answer, "access_token");
        if (status == 200 && error == null && newToken != null && newToken.matches("[!-~]+")) {
            long life = life(answer);
            token = newToken;
            tokenEnds = now() + life - Math.min(MINUTE, life / 10);
            return;
        }
        String code = error == null ? "" : error.toLowerCase(Locale.ROOT).replace('_', ' ');
        if (status == 429 || code.equals("access denied")
                || answer.toLowerCase(Locale.ROOT).contains("too many requests")) {
            throw pause("Zoho refused to refresh the access token: too many requests", LIMIT_PERIOD, null);
        }
        if (error == null) {
            throw pause("Zoho's accounts server gave no access token (HTTP " + status + ")", 30 * SECOND, null);
        }
        String advice = "";
        if (code.equals("invalid code") || code.equals("invalid grant")) {
            advice = "; the refresh token is not valid or was revoked, make a new one: " + HOW_TO;
        } else if (code.equals("invalid client")) {
            advice = "; check ZOHO_CLIENT_ID, and ZOHO_ACCOUNTS_URL: every data centre has its own clients";
        } else if (code.equals("invalid client secret")) {
            advice = "; check ZOHO_CLIENT_SECRET";
        }
        // Only a code is repeated: other text might be an echo of what was sent.
        String shown = error.matches("[A-Za-z_ ]{1,40}") ? error : "unknown error";
        throw pause("Zoho refused to refresh the access token: " + shown + advice, MINUTE, null);
    }

    /** How long the token lives, in milliseconds. */
    private static long life(String answer) {
        long seconds = number(field(answer, "expires_in_sec"));
        if (seconds > 0) {
            return seconds * SECOND;
        }
        long value = number(field(answer, "expires_in"));
        if (value <= 0) {
            return HOUR;
        }
        // Some of Zoho's servers give milliseconds. No access token lives for more than a day.
        return value > 24 * 60 * 60 ? value : value * SECOND;
    }

    private static long number(String digits) {
        return digits != null && digits.matches("[0-9]{1,12}") ? Long.parseLong(digits) : 0;
    }

    /** A text or a number of a flat JSON object. Quotes within texts are escaped there, so nothing else looks so. */
    private static String field(String json, String name) {
        Matcher matcher = Pattern.compile("\"" + name + "\"\\s*:\\s*(?:\"([^\"\\\\]*)\"|([0-9]+))").matcher(json);
        if (!matcher.find()) {
            return null;
        }
        return matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
    }

    private static Failure pause(String reason, long millis, Throwable cause) {
        pauseReason = reason;
        pauseEnds = now() + millis;
        return paused(cause);
    }

    private static Failure paused(Throwable cause) {
        long seconds = Math.max(1, (pauseEnds - now() + SECOND - 1) / SECOND);
        return new Failure(pauseReason + ". Try again in " + seconds + " s.", seconds, cause);
    }

    /** Milliseconds of a clock that nobody sets. */
    private static long now() {
        return System.nanoTime() / 1_000_000;
    }

    private static String setting(String variable, Properties file, String key) {
        String value = System.getenv(variable);
        if (value == null || value.trim().isEmpty()) {
            value = file.getProperty(key);
        }
        return value == null || value.trim().isEmpty() ? null : value.trim();
    }

    private static void addIfMissing(StringBuilder missing, String value, String variable, String key) {
        if (value == null) {
            missing.append(missing.length() == 0 ? "" : ", ").append(variable);
            if (!SETTINGS_FILE.isEmpty() && !key.equals(variable)) {
                missing.append(" (").append(key).append(" in the file)");
            }
        }
    }

    private static Properties settingsFile() {
        Properties settings = new Properties();
        if (SETTINGS_FILE.isEmpty()) {
            return settings;
        }
        try (InputStream in = openSettingsFile()) {
            if (in != null) {
                settings.load(in);
            }
        } catch (IOException | IllegalArgumentException problem) {
            throw new Failure(SETTINGS_FILE + " cannot be read as a .properties file", 0, null);
        }
        return settings;
    }

    private static InputStream openSettingsFile() throws IOException {
        InputStream resource = ZohoAccessToken.class.getResourceAsStream("/" + SETTINGS_FILE);
        if (resource != null) {
            return resource;
        }
        File file = new File(SETTINGS_FILE);
        return file.isFile() ? new FileInputStream(file) : null;
    }
}
