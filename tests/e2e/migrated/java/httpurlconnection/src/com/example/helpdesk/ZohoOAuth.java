// An access token for Zoho, asked for once and kept until shortly before it expires.
package com.example.helpdesk;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.net.URLEncoder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

final class ZohoOAuth {
    private static final String ACCOUNTS = "https://accounts.zoho.com";
    private static String token;
    private static long until;

    private ZohoOAuth() {}

    static synchronized String accessToken() throws IOException {
        if (token == null || System.nanoTime() - until >= 0) {
            refresh();
        }
        return token;
    }

    private static void refresh() throws IOException {
        String form = "grant_type=refresh_token"
                + "&client_id=" + setting("ZOHO_CLIENT_ID")
                + "&client_secret=" + setting("ZOHO_CLIENT_SECRET")
                + "&refresh_token=" + setting("ZOHO_REFRESH_TOKEN");
        URL url = new URL(ACCOUNTS + "/oauth/v2/token");
        HttpURLConnection connection = (HttpURLConnection) url.openConnection();
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", "application/x-www-form-urlencoded");
        try (OutputStream out = connection.getOutputStream()) {
            out.write(form.getBytes("UTF-8"));
        }
        String answer = read(connection.getInputStream());
        // Errors come with HTTP 200 as well.
        String fresh = find(answer, "\"access_token\"\\s*:\\s*\"([^\"]+)\"");
        if (fresh == null) {
            throw new IOException("Zoho gave no access token: " + find(answer, "\"error\"\\s*:\\s*\"([^\"]+)\""));
        }
        // Where both are given, expires_in is in milliseconds.
        String seconds = find(answer, "\"expires_in_sec\"\\s*:\\s*(\\d+)");
        if (seconds == null) {
            seconds = find(answer, "\"expires_in\"\\s*:\\s*(\\d+)");
        }
        long life = seconds == null ? 0 : Long.parseLong(seconds) * 1000;
        token = fresh;
        until = System.nanoTime() + (life - Math.min(60000, life / 10)) * 1000000;
    }

    private static String setting(String name) throws IOException {
        String value = System.getenv(name);
        if (value == null) {
            throw new IOException(name + " is not set");
        }
        return URLEncoder.encode(value, "UTF-8");
    }

    private static String find(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        return matcher.find() ? matcher.group(1) : null;
    }

    private static String read(InputStream in) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buffer = new byte[4096];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            out.write(buffer, 0, n);
        }
        in.close();
        return out.toString("UTF-8");
    }
}
