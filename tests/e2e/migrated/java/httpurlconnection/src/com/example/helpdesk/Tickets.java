// The program of the same name, migrated by hand: what the mock and the checks must see as working.
package com.example.helpdesk;

import driver.Answer;
import driver.Driver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;

public class Tickets {
    private static final String ORG_ID = "700000001";

    public static Answer open() throws IOException {
        URL url = new URL("https://desk.zoho.com/api/v1/tickets?status=open");
        HttpURLConnection connection = (HttpURLConnection) url.openConnection();
        connection.setRequestMethod("GET");
        connection.setRequestProperty("orgId", ORG_ID);
        connection.setRequestProperty("Authorization", "Zoho-oauthtoken " + ZohoOAuth.accessToken());
        int status = connection.getResponseCode();
        InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream();
        return new Answer(status, read(body));
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

    public static void main(String[] args) throws InterruptedException {
        System.exit(Driver.run(args, Tickets::open));
    }
}
