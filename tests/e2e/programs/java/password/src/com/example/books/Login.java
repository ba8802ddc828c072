package com.example.books;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.net.URLEncoder;
import java.util.StringTokenizer;

class Login {
    private static final String CREATE_URL = "https://accounts.zoho.com/apiauthtoken/nb/create";

    private Login() {
    }

    static String authtoken(String email, String password) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) new URL(CREATE_URL).openConnection();
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        String form = "SCOPE=ZohoBooks/booksapi&EMAIL_ID=" + URLEncoder.encode(email, "UTF-8")
                + "&PASSWORD=" + URLEncoder.encode(password, "UTF-8");
        OutputStream out = connection.getOutputStream();
        out.write(form.getBytes("UTF-8"));
        out.close();
        String token = "";
        BufferedReader reader = new BufferedReader(new InputStreamReader(connection.getInputStream(), "UTF-8"));
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            StringTokenizer parts = new StringTokenizer(line, "=");
            if (parts.countTokens() == 2 && parts.nextToken().equals("AUTHTOKEN")) {
                token = parts.nextToken();
            }
        }
        reader.close();
        return token;
    }
}
