package com.example;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.StringTokenizer;

class Login {
    private static final String CREATE = "https://accounts.zoho.eu/apiauthtoken/nb/create";

    static String authtoken(String user, String password) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) new URL(CREATE).openConnection();
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        String form = "SCOPE=ZohoSupport/supportapi&EMAIL_ID=" + user + "&PASSWORD=" + password;
        try (OutputStream out = connection.getOutputStream()) {
            out.write(form.getBytes(StandardCharsets.UTF_8));
        }
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(connection.getInputStream()))) {
            String line;
            while ((line = reader.readLine()) != null) {
                StringTokenizer parts = new StringTokenizer(line, "=");
                if (parts.hasMoreTokens() && parts.nextToken().equals("AUTHTOKEN")) {
                    return parts.nextToken();
                }
            }
        }
        throw new IOException("no token");
    }
}
